"""The parts of `edgedigits bench`: measuring, peers, records, tables and plots."""
