# id: 240
# title: Starts tasks that start tasks.
# expect: timed_out | out_of_memory | exited 1
# wall: 1

import asyncio


async def more():
    asyncio.create_task(more())
    asyncio.create_task(more())
    await asyncio.sleep(0)


async def main():
    await more()
    while True:
        await asyncio.sleep(0)


asyncio.run(main())
