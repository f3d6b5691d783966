"""Which columns each registry's file has, how they are read, and what a row would do."""
