"""Regulations that come with Xuncha, as TOML, and the text of the articles quoted."""
