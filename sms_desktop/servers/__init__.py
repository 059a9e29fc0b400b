"""The relay and the sandbox gateway, as processes of their own. Started by cli, and by nothing else.

lifecycle    how both begin and end
connection   limits that uvicorn does not have
logs         what happened, without paths, tokens, numbers or texts
"""
