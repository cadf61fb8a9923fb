def decide(sky):
    return "umbrella"


if __name__ == "__main__":
    print(decide("sun"))
