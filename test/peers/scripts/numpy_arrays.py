"""Decorated, with arrays: the script of Microsoft's documentation."""
import numpy
from inference_schema.parameter_types.numpy_parameter_type import NumpyParameterType
from inference_schema.schema_decorators import input_schema, output_schema


def init():
    pass


@input_schema("data", NumpyParameterType(numpy.array([[1.0, 2.0, 3.0]])))
@output_schema(NumpyParameterType(numpy.array([6.0])))
def run(data):
    return data.sum(axis=1).tolist()
