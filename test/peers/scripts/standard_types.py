"""Decorated, with several parameters of Python's own types; some answers break the promised schema."""
from inference_schema.parameter_types.standard_py_parameter_type import StandardPythonParameterType
from inference_schema.schema_decorators import input_schema, output_schema


def init():
    pass


@input_schema("question", StandardPythonParameterType("Who sang it?"))
@input_schema("options", StandardPythonParameterType({"words": 3, "languages": ["en"]}))
@output_schema(StandardPythonParameterType({"answer": "Nobody", "words": 1}))
def run(question, options):
    return {"answer": question, "words": options["words"]}
