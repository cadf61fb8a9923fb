# id: 213
# title: Makes the host wait for a million things.
# expect: exited | timed_out
# wall: 2

import asyncio
import select
import time

try:
    poll = select.poll()
    for number in range(100_000):
        poll.register(number % 3)
    poll.poll(0)
    select.select([0] * 100_000, [1] * 100_000, [], 0)
except (AttributeError, OSError, ValueError):
    pass
for _ in range(300_000):
    time.sleep(0)


async def main():
    await asyncio.gather(*(asyncio.sleep(0) for _ in range(100_000)))


asyncio.run(main())
