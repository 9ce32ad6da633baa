"""What `edgedigits bench` is made of: measuring, peers, records, tables and pictures."""
