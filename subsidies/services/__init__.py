"""Every change of an application: one module per act, all through `advance`."""
