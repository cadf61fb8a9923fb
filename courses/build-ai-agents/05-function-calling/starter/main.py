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
    # TODO 1: the same for to_fahrenheit, with one number called celsius.
    #         照样写出 to_fahrenheit，它有一个叫 celsius 的数。
]


def answer_call(call):
    """Does what one tool call asks for; returns the message that tells the model what came of it.
    执行一次工具调用，返回一条消息，告诉模型结果如何。
    """
    name, arguments = call.function.name, call.function.arguments
    # TODO 2: arguments is text: make a dictionary of it, call the function, turn the result into text.
    #         arguments 是文字：把它变成字典，调用函数，把结果变成文字。
    # TODO 3: whatever goes wrong on the way becomes a text that begins with "error: ".
    #         途中不管出什么错，都变成以 "error: " 开头的文字。
    content = "not done"
    return {"role": "tool", "tool_call_id": call.id, "content": content}


def run(question, max_turns=6):
    """Asks until the model answers in words. Returns the answer, or None after max_turns.
    一直问，直到模型用文字回答。返回答案；问满 max_turns 次还没有，就返回 None。
    """
    messages = [{"role": "user", "content": question}]
    for _ in range(max_turns):
        response = client.chat.completions.create(model=MODEL, messages=messages, tools=SCHEMAS)
        message = response.choices[0].message
        # TODO 4: without tool calls, message.content is the answer. Otherwise append the message itself,
        #         then one answer_call for each of its tool calls, and go round again.
        #         没有工具调用时，message.content 就是答案。否则先把 message 本身接上，
        #         再为它的每个工具调用接上一条 answer_call，然后再来一圈。
        return message.content
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
