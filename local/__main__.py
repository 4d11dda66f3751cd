"""`make run`: see local/run.py."""

import sys

from local import pins

if __name__ == "__main__":
    pins.check()  # before the imports that another release could break

    from local.run import main

    sys.exit(main())
