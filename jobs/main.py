"""What spark-submit starts; the program is the package beside it, which travels in --py-files."""

import sys

from basin_jobs.main import main

if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
