"""The public pages: each reads through the public login alone and is the same for everybody."""
