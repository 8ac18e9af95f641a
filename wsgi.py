"""What gunicorn serves; a mistake in the settings stops here, with every mistake listed."""

import os
import sys

from core.settings import SettingsError
from storefront.app import create_app
from storefront.logs import configure_logging
from storefront.settings import read_settings

try:
    settings = read_settings(os.environ)
except SettingsError as mistakes:
    sys.stderr.write("The settings are not right:\n")
    sys.stderr.writelines(f"  {problem}\n" for problem in mistakes.problems)
    sys.exit(3)  # gunicorn's "worker failed to boot": it stops instead of trying for ever

configure_logging()
app = create_app(settings)
