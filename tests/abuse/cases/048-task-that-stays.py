# id: 48
# title: Has a task that swallows every cancel.
# expect: timed_out
# wall: 1

import asyncio


async def stays():
    while True:
        try:
            await asyncio.sleep(0.01)
        except BaseException:
            pass


async def main():
    asyncio.create_task(stays())
    await asyncio.sleep(0)


asyncio.run(main())
