"""The kernel as Numba lowers it for a card, but turned into code for this processor, and called thread by thread.

What NVIDIA's compiler makes of the same code is all that a card has besides. Numba must write pointers as this
processor's compiler reads them: LLVMLITE_ENABLE_IR_LAYER_TYPED_POINTERS=0, before Numba is loaded.
"""

import ctypes
import re
from types import SimpleNamespace

import llvmlite.binding as llvm
import numpy as np
from numba import typeof, types
from numba.cuda import compiler, dispatcher

from greyspace.engine import gpu

CARD = (8, 0)
WHERE = ("tid", "ntid", "ctaid")
"""What a thread asks of where it is."""


class Sent(np.ndarray):
    """An array that would be on the card."""

    def copy_to_host(self, to=None):
        if to is None:
            return np.array(self)
        to[:] = self
        return to


class Kernel:
    """Stands for the kernel: ``kernel[groups, threads](...)``."""

    def __init__(self, live):
        self._live, self._call, self._nothing = live, None, ctypes.c_int64()

    def __getitem__(self, size):
        self._size = size
        return self

    def __call__(self, *arguments):
        words = [ctypes.c_void_p(ctypes.addressof(self._nothing)), *flat(arguments)]
        if self._call is None:
            self._compile(arguments, words)
        groups, threads = self._size
        self._here["ntid"].value = threads
        for group in range(groups):
            self._here["ctaid"].value = group
            for thread in range(threads):
                self._here["tid"].value = thread
                self._call(*words)

    def _compile(self, arguments, words):
        made = compiler.compile_cuda(self._live, types.void, tuple(map(kind, arguments)), cc=CARD)
        whole = llvm.parse_assembly("".join(map(WORD.format, WHERE)).replace("<", "{").replace(">", "}"))
        for text in dict.fromkeys(modules(made.library)):
            text = re.sub(r"llvm\.nvvm\.read\.ptx\.sreg\.(\w+)\.x", r"here_\1", text)
            whole.link_in(llvm.parse_assembly(re.sub(r"^(target|!nvvm).*$", "", text, flags=re.M)))
        llvm.initialize_native_target()
        llvm.initialize_native_asmprinter()
        self._engine = llvm.create_mcjit_compiler(whole, llvm.Target.from_default_triple().create_target_machine())
        self._engine.finalize_object()
        address = self._engine.get_function_address(made.fndesc.llvm_func_name)
        self._call = ctypes.CFUNCTYPE(ctypes.c_int32, *map(type, words))(address)
        word = self._engine.get_global_value_address
        self._here = {name: ctypes.c_int32.from_address(word(f"at_{name}")) for name in WHERE}


WORD = """
@at_{0} = global i32 0
define i32 @here_{0}() < %word = load i32, ptr @at_{0} ret i32 %word >
"""


def modules(library):
    """The text of all that belongs to a library."""
    yield from map(str, library.modules)
    for other in library._linking_libraries:
        yield from modules(other)


def kind(argument):
    """Numba's type of what is sent, which is that of what was sent."""
    if hasattr(argument, "_fields"):
        argument = type(argument)(*(np.asarray(each) if np.ndim(each) else each for each in argument))
    return typeof(np.asarray(argument) if isinstance(argument, Sent) else argument)


def flat(argument):
    """The words in which a kernel takes arguments."""
    if isinstance(argument, tuple):
        for each in argument:
            yield from flat(each)
    elif isinstance(argument, np.ndarray):
        yield from (ctypes.c_void_p(0), ctypes.c_void_p(0), ctypes.c_int64(argument.size))
        yield from (ctypes.c_int64(argument.itemsize), ctypes.c_void_p(argument.ctypes.data))
        yield from map(ctypes.c_int64, (*argument.shape, *argument.strides))
    else:
        yield ctypes.c_uint32(int(argument)) if isinstance(argument, np.uint32) else ctypes.c_int64(int(argument))


def lower():
    """Let this be a card."""
    dispatcher.get_current_device = lambda: SimpleNamespace(compute_capability=CARD)
    gpu.live = Kernel(gpu.live.py_func)
    gpu.cuda.to_device = lambda array: np.array(array).view(Sent)
