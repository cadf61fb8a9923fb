"""Two ordinary functions, as in the second lesson. You need not change this file.
两个普通函数，和第二课一样。这个文件不用改。
"""

import json

from llm import trace


@trace.tool  # every call shows up in the trace / 每次调用都会出现在轨迹里
def get_weather(city):
    """The weather in one city; raises LookupError for a city it does not know.
    一座城市的天气；不认识的城市会抛出 LookupError。
    """
    with open("data/weather.json", encoding="utf-8") as file:
        records = json.load(file)
    for record in records:
        if city in (record["en"], record["zh"]):
            return f"{record['celsius']} degrees Celsius, {record['sky']}"
    raise LookupError(f"no weather for {city!r}")


@trace.tool
def to_fahrenheit(celsius):
    """A temperature on the other scale. / 换算成华氏度。"""
    return f"{celsius * 9 / 5 + 32:g} degrees Fahrenheit"
