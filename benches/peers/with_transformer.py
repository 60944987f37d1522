"""A transformer encoder of 6 layers with RANDOM weights, through onnxruntime: for its SPEED ONLY.

The shape is MiniLM's (6 layers, 384 wide, 12 heads of attention, 1,536 inside) with the repository's own WordPiece
tokenizer, which has BERT's size. A pretrained encoder takes exactly as long, and no weights are fetched: so no
F1 can be told of it. One pass serves all heads, each a linear layer over the mean of the last layer. In batches of
32, sorted by length so that little is padded, cut at 128 pieces; 32-bit floats.
"""
import pathlib

import numpy as np
import onnxruntime
from tokenizers import Tokenizer

BATCH = 320
LAYERS, WIDE, HEADS, INSIDE, LONGEST = 6, 384, 12, 1536, 128
TOKENIZER = pathlib.Path(__file__).resolve().parents[2] / "models/en/tokenizer.json"


def fit(folder, texts, labels, quick):
    import onnx

    classes = {head: len(set(values)) for head, values in labels.items()}
    onnx.save(encoder(Tokenizer.from_file(str(TOKENIZER)).get_vocab_size(), classes), folder / "model.onnx")


class Peer:
    def __init__(self, folder):
        self.tokenizer = Tokenizer.from_file(str(TOKENIZER))
        self.tokenizer.enable_truncation(LONGEST)
        self.tokenizer.enable_padding()
        settings = onnxruntime.SessionOptions()
        settings.intra_op_num_threads = settings.inter_op_num_threads = 1
        model = str(folder / "model.onnx")
        self.session = onnxruntime.InferenceSession(model, settings, providers=["CPUExecutionProvider"])

    def score(self, texts):
        names = [output.name for output in self.session.get_outputs()]
        order = sorted(range(len(texts)), key=lambda i: len(texts[i]))
        rows = {name: [None] * len(texts) for name in names}
        for start in range(0, len(order), 32):
            batch = order[start : start + 32]
            pieces = self.tokenizer.encode_batch([texts[i] for i in batch])
            feed = {
                "pieces": np.array([p.ids for p in pieces], dtype=np.int64),
                "mask": np.array([p.attention_mask for p in pieces], dtype=np.float32),
            }
            for name, values in zip(names, self.session.run(names, feed)):
                for i, row in zip(batch, values):
                    rows[name][i] = row
        return rows


def encoder(pieces, classes):
    """The graph: post-norm layers as in BERT (Devlin et al. 2019), the mean over the sentence, a layer a head."""
    from onnx import TensorProto, checker, helper, numpy_helper

    draw = np.random.default_rng(0)
    nodes, weights = [], []

    def weight(name, array):
        weights.append(numpy_helper.from_array(np.asarray(array), name))
        return name

    def random(name, *shape):
        return weight(name, (draw.standard_normal(shape) * 0.02).astype(np.float32))

    def node(kind, inputs, output, **attributes):
        nodes.append(helper.make_node(kind, inputs, [output], **attributes))
        return output

    def linear(x, name, narrow, wide):
        product = node("MatMul", [x, random(f"{name}.w", narrow, wide)], f"{name}.product")
        return node("Add", [product, weight(f"{name}.b", np.zeros(wide, np.float32))], name)

    def norm(x, name):
        scale = weight(f"{name}.scale", np.ones(WIDE, np.float32))
        shift = weight(f"{name}.shift", np.zeros(WIDE, np.float32))
        return node("LayerNormalization", [x, scale, shift], name, axis=-1, epsilon=1e-12)

    split = weight("split", np.array([0, 0, HEADS, WIDE // HEADS], np.int64))
    joined = weight("joined", np.array([0, 0, WIDE], np.int64))
    one, low = weight("one", np.array(1, np.float32)), weight("low", np.array(-1e4, np.float32))
    root = weight("root", np.array((WIDE / HEADS) ** -0.5, np.float32))
    axes = weight("axes", np.array([1, 2], np.int64))
    words = node("Gather", [random("words", pieces, WIDE), "pieces"], "word")
    length = node("Gather", [node("Shape", ["pieces"], "shape"), weight("second", np.array(1, np.int64))], "length")
    steps = [weight("from", np.array(0, np.int64)), length, weight("by", np.array(1, np.int64))]
    places = node("Gather", [random("places", LONGEST, WIDE), node("Range", steps, "steps")], "place")
    x = norm(node("Add", [words, places], "embedded"), "embedded.norm")
    # What is padding gets no attention.
    padding = node("Mul", [node("Sub", [one, "mask"], "unmask"), low], "padding")
    padding = node("Unsqueeze", [padding, axes], "padding.wide")
    for layer in range(LAYERS):
        at = f"layer{layer}"
        query, key, value = (
            node(
                "Transpose",
                [node("Reshape", [linear(x, f"{at}.{part}", WIDE, WIDE), split], f"{at}.{part}.split")],
                f"{at}.{part}.heads",
                perm=[0, 2, 3, 1] if part == "key" else [0, 2, 1, 3],
            )
            for part in ("query", "key", "value")
        )
        match = node("Mul", [node("MatMul", [query, key], f"{at}.match"), root], f"{at}.scaled")
        share = node("Softmax", [node("Add", [match, padding], f"{at}.masked")], f"{at}.share", axis=-1)
        seen = node("Transpose", [node("MatMul", [share, value], f"{at}.seen")], f"{at}.back", perm=[0, 2, 1, 3])
        seen = linear(node("Reshape", [seen, joined], f"{at}.joined"), f"{at}.out", WIDE, WIDE)
        x = norm(node("Add", [x, seen], f"{at}.sum"), f"{at}.norm")
        inner = node("Gelu", [linear(x, f"{at}.inner", WIDE, INSIDE)], f"{at}.gelu")
        x = norm(node("Add", [x, linear(inner, f"{at}.outer", INSIDE, WIDE)], f"{at}.sum2"), f"{at}.norm2")
    kept = node("Unsqueeze", ["mask", weight("third", np.array([2], np.int64))], "kept")
    second = weight("over", np.array([1], np.int64))
    total = node("ReduceSum", [node("Mul", [x, kept], "real"), second], "total", keepdims=0)
    mean = node("Div", [total, node("ReduceSum", [kept, second], "count", keepdims=0)], "mean")
    for head, count in classes.items():
        node("Softmax", [linear(mean, f"{head}.logits", WIDE, count)], head, axis=-1)
    shape = ["batch", "length"]
    graph = helper.make_graph(
        nodes,
        "encoder",
        [
            helper.make_tensor_value_info("pieces", TensorProto.INT64, shape),
            helper.make_tensor_value_info("mask", TensorProto.FLOAT, shape),
        ],
        [helper.make_tensor_value_info(head, TensorProto.FLOAT, ["batch", n]) for head, n in classes.items()],
        weights,
    )
    model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", 20)], ir_version=10)
    checker.check_model(model)
    return model
