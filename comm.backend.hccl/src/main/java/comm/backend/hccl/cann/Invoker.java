package comm.backend.hccl.cann;

import com.sun.jna.Function;

/**
 * Makes native calls. Addresses, handles and sizes are passed as {@code Long}, enumerations and
 * other 32-bit numbers as {@code Integer}, structures and out-parameters as arrays, which JNA
 * copies in and out; so no class needs to be opened to it.
 */
final class Invoker {

  /** In place of an address. */
  static final Long NULL = 0L;

  private final CannLibraries libraries;
  private final Calls calls;

  Invoker(CannLibraries libraries, Calls calls) {
    this.libraries = libraries;
    this.calls = calls;
  }

  boolean has(CannFunction function) {
    return libraries.has(function);
  }

  /** The same by name; false for a function that isn't called here. */
  boolean has(String symbol) {
    for (CannFunction function : CannFunction.values()) {
      if (function.symbol().equals(symbol)) {
        return has(function);
      }
    }
    return false;
  }

  /** Makes a call that returns a code, and throws if that is not 0. */
  void call(CannFunction function, Object... arguments) throws CannException {
    int code = code(function, arguments);
    if (code != 0) {
      throw failed(function, code);
    }
  }

  /** Makes a call that returns a code. If it isn't 0, {@link #failed} must come next. */
  int code(CannFunction function, Object... arguments) throws CannException {
    Function target = libraries.function(function);
    Calls.Call call = calls.begin(function.symbol());
    try {
      return target.invokeInt(arguments);
    } finally {
      calls.end(call);
    }
  }

  /** Makes a call that returns an address. */
  long address(CannFunction function, Object... arguments) throws CannException {
    Function target = libraries.function(function);
    Calls.Call call = calls.begin(function.symbol());
    try {
      return target.invokeLong(arguments);
    } finally {
      calls.end(call);
    }
  }

  /**
   * The failure of a call that was just made on this thread. The text belongs to the thread, goes
   * with the first question for it, and its memory with the next, so it is copied here and now.
   */
  CannException failed(CannFunction function, int code) {
    return CannException.returned(function.symbol(), code, recentMessage());
  }

  private String recentMessage() {
    try {
      return CText.at(
          libraries.function(CannFunction.ACL_GET_RECENT_ERR_MSG).invokeLong(new Object[0]));
    } catch (CannException noWords) {
      // HCCL may be there without ACL; its code has to do then
      return "";
    }
  }
}
