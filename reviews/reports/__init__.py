"""Reports on how the desks do: figures over a period, each with the list that it counts.

A report is a set of *facts* in SQL (`facts`), one row for each thing that a figure counts. Tables are sums over the
facts, and the list behind a figure is the facts themselves: so they cannot disagree.
"""
