"""EASE as the paper writes it, in numpy. Reads "people items lambda" and lines "person item value"; prints B by row."""

import sys

import numpy

people, items, penalty = sys.stdin.readline().split()
x = numpy.zeros((int(people), int(items)))
for line in sys.stdin:
    person, item, value = line.split()
    x[int(person), int(item)] = float(value)
p = numpy.linalg.inv(x.T @ x + float(penalty) * numpy.eye(int(items)))
b = numpy.eye(int(items)) - p / numpy.diag(p)
for row in b:
    print(*(f"{value:.9e}" for value in row))
