"""The same rating on many machines: PySpark carries the kernel to the files of the usage store (docs/scale.md)."""
