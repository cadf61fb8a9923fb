def decide(sky):
    if sky == "rain":
        return "umbrella"
    return "hat"


if __name__ == "__main__":
    print(decide("sun"))
