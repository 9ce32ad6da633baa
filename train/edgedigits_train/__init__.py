"""Training: MNIST, noise, architectures, fitting, evaluation and plots."""
