# id: 238
# title: Lets tasks wait for each other, for nobody and for a lock held by none.
# expect: exited 1
# stderr contains: deadlock
# docker expect: timed_out
# docker stderr contains:

import asyncio


async def main():
    lock, event = asyncio.Lock(), asyncio.Event()
    await lock.acquire()
    waiting = [asyncio.create_task(lock.acquire()) for _ in range(1000)]
    await asyncio.gather(event.wait(), *waiting)


asyncio.run(main())
