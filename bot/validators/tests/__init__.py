"""The repository's own tests: found, run in each Blender, run again where they fail, told one by one."""
