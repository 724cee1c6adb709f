"""The commands of `wanku`, one file each; the file's name is the command's.

A file offers ``HELP``, ``arguments(parser)`` and ``run(options) -> exit code``; its docstring is the long help. Import
Django inside ``run`` only, after the environment is set: ``wanku --help`` loads every file here.
"""
