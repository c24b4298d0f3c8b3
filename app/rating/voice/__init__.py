"""Calls priced one by one: by a scalar engine that proves a call, and by a columnar kernel that does millions alike."""
