"""From a grey picture to ink: the sheet that is read, the paper divided away, the rules taken out."""
