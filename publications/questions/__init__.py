"""What a follow-up question asks, by rules that anybody can read: no model, no Django, nothing kept.

`reading.read` looks for emergencies first, then for what is refused, and leaves words to look up. `ranking.rank` puts
passages of approved text in order. The words of the rules stand in the TOML files beside them.
"""
