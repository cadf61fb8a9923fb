"""Function calling: the model asks for a function in a form of its own, and the program calls it.
函数调用：模型用一种专门的格式要求调用函数，程序替它调用。
"""

import json
import os

from dotenv import load_dotenv
from openai import OpenAI

from tools import get_weather, to_fahrenheit

load_dotenv()
client = OpenAI(api_key=os.getenv("LLM_API_KEY"), base_url=os.getenv("LLM_BASE_URL"))
MODEL = os.getenv("LLM_MODEL_ID")

FUNCTIONS = {"get_weather": get_weather, "to_fahrenheit": to_fahrenheit}

# The menu for the model, in the form that the services want. / 给模型的菜单，按服务要求的格式写。
SCHEMAS = [
    {
        "type": "function",
        "function": {
            "name": "get_weather",
            "description": "The weather in one city right now.",
            "parameters": {
                "type": "object",
                "properties": {"city": {"type": "string", "description": "for example Hangzhou"}},
                "required": ["city"],
            },
        },
    },
    {
        "type": "function",
        "function": {
            "name": "to_fahrenheit",
            "description": "Converts a temperature from Celsius to Fahrenheit.",
            "parameters": {
                "type": "object",
                "properties": {"celsius": {"type": "number"}},
                "required": ["celsius"],
            },
        },
    },
]


def answer_call(call):
    """Does what one tool call asks for; returns the message that tells the model what came of it.
    执行一次工具调用，返回一条消息，告诉模型结果如何。
    """
    name, arguments = call.function.name, call.function.arguments
    try:
        content = str(FUNCTIONS[name](**json.loads(arguments)))
    except KeyError:
        content = f"error: there is no function {name!r}; the functions are: {', '.join(FUNCTIONS)}"
    except Exception as error:
        content = f"error: {error}"
    return {"role": "tool", "tool_call_id": call.id, "content": content}


def run(question, max_turns=6):
    """Asks until the model answers in words. Returns the answer, or None after max_turns.
    一直问，直到模型用文字回答。返回答案；问满 max_turns 次还没有，就返回 None。
    """
    messages = [{"role": "user", "content": question}]
    for _ in range(max_turns):
        response = client.chat.completions.create(model=MODEL, messages=messages, tools=SCHEMAS)
        message = response.choices[0].message
        if not message.tool_calls:
            return message.content
        messages.append(message)
        for call in message.tool_calls:
            messages.append(answer_call(call))
    return None


def main():
    for question in (
        "What is the weather in Hangzhou, in Fahrenheit?",
        "Is it colder in Harbin or in London?",
        "What is the weather in Atlantis?",
    ):
        print("?", question)
        print(" ", run(question))


if __name__ == "__main__":
    main()
