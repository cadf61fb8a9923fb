# id: 252
# title: Makes warnings and logs recurse through the outputs.
# expect: exited | output_limit
# wall: 5

import logging
import sys
import warnings


class Loop:
    def write(self, text):
        logging.getLogger().error(text)
        warnings.warn(text)

    def flush(self):
        pass


sys.stderr = Loop()
logging.basicConfig(stream=sys.stderr, level=0)
warnings.simplefilter("always")
warnings.warn("first")
