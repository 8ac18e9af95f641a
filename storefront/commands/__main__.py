"""Lets a process start commands with ``python -m storefront.commands``, whatever the script is called."""

from storefront.commands import main

main()
