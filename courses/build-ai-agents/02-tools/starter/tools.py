"""Two ordinary functions that our model may use. Worth reading; you need not change them.
模型可以用的两个普通函数。值得读一读，但不用改。
"""

import json


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


def to_fahrenheit(celsius):
    """A temperature on the other scale. / 换算成华氏度。"""
    return f"{celsius * 9 / 5 + 32:g} degrees Fahrenheit"
