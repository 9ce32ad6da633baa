"""Write the model's contract into the ONNX file."""

from __future__ import annotations

import onnx

from edgedigits.model.contract import Contract


def with_contract(model: onnx.ModelProto, contract: Contract) -> bytes:
    """Return the bytes of a file that carries the contract; `model` itself is not changed.

    The same model and contract give the same bytes.
    """
    copy = onnx.ModelProto()
    copy.CopyFrom(model)
    copy.producer_name = "edgedigits"
    copy.producer_version = contract.version
    copy.doc_string = ""
    copy.graph.name = contract.name
    copy.graph.doc_string = ""
    onnx.helper.set_model_props(copy, contract.to_metadata())
    return bytes(copy.SerializeToString(deterministic=True))
