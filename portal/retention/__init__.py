"""Retention (保存と廃棄): how long papers are kept, which are due, and the list on which their end is decided."""
