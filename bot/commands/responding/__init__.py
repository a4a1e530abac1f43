"""`bot respond`: what the jobs of the workflow do, one file each."""
