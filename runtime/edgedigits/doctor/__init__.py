"""The checks behind `edgedigits doctor`: of the software, and of what is attached to the machine."""
