"""Decorated, and its answer is not what its own output schema says."""
from inference_schema.parameter_types.standard_py_parameter_type import StandardPythonParameterType
from inference_schema.schema_decorators import input_schema, output_schema


def init():
    pass


@input_schema("rows", StandardPythonParameterType(2))
@output_schema(StandardPythonParameterType({"predictions": [0.5]}))
def run(rows):
    return {"predictions": ["none"] * rows}
