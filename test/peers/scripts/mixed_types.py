"""Decorated, with a list of several types, which version 2 of Swagger cannot describe."""
from inference_schema.parameter_types.standard_py_parameter_type import StandardPythonParameterType
from inference_schema.schema_decorators import input_schema, output_schema


def init():
    pass


@input_schema("row", StandardPythonParameterType([1, "red"]))
@output_schema(StandardPythonParameterType({"label": "red"}))
def run(row):
    return {"label": row[1]}
