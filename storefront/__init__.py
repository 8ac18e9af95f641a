"""The only package that knows Flask, Jinja, cookies and HTTP: pages, forms, commands, worker."""
