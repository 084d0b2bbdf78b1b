"""It sees the whole request and makes the whole answer: bytes, or a status of its own."""
from azureml_inference_server_http.api.aml_request import rawhttp
from azureml_inference_server_http.api.aml_response import AMLResponse


def init():
    pass


@rawhttp
def run(request):
    status = request.headers.get("x-wanted-status")
    if status is not None:
        return AMLResponse({"detail": "as the script wants it"}, int(status), json_str=True)
    return AMLResponse(bytes(range(256)) + request.get_data(), 200, {"Content-Type": "image/png"})
