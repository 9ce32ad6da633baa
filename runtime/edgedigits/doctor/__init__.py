"""The checks behind `edgedigits doctor`: of the software, and of the devices of the machine."""
