package comm.api;

/** A native function failed. The message has its name, its code and the library's own words. */
public final class NativeCallException extends CommException {

  private final String function;
  private final int code;
  private final String codeName;

  NativeCallException(Call call, String message, String function, int code, String codeName) {
    super(call, message, null);
    this.function = function;
    this.code = code;
    this.codeName = codeName;
  }

  /**
   * The function that failed.
   *
   * @return its name, such as {@code mmap}
   */
  public String function() {
    return function;
  }

  /**
   * The code it gave: an errno, or what the function returned.
   *
   * @return the code
   */
  public int code() {
    return code;
  }

  /**
   * The name of the code.
   *
   * @return the name, such as {@code ENOMEM}, or the empty string if it has none
   */
  public String codeName() {
    return codeName;
  }
}
