"""The demo company: a believable Brazilian SaaS firm ("Caixa Clara") and its 24 months of customers.

`lives.py` invents the customers, `facts/` turns each life into rows, `load.py` writes them,
`clear.py` takes exactly them away. Everything is a function of (seed, today): the same two give the same firm.
"""
