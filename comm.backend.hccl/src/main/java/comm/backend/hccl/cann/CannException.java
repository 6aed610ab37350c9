package comm.backend.hccl.cann;

import comm.api.spi.Failure;

/**
 * A native function failed, or couldn't be called at all; then the code is 0 and the text says what
 * is missing.
 */
public final class CannException extends Exception {

  private final String function;
  private final CodeMeaning meaning;
  private final String text;
  private final String advice;

  private CannException(String function, CodeMeaning meaning, String text, String advice) {
    super(message(function, meaning, text) + (advice.isEmpty() ? "" : "; " + advice));
    this.function = function;
    this.meaning = meaning;
    this.text = text;
    this.advice = advice;
  }

  private static String message(String function, CodeMeaning meaning, String text) {
    String code = meaning.code() == 0 ? "" : " gave " + meaning.code();
    String name = meaning.name().isEmpty() ? "" : " (" + meaning.name() + ")";
    return function + code + name + ": " + words(meaning, text);
  }

  private static String words(CodeMeaning meaning, String text) {
    if (text.isEmpty() || meaning.explanation().isEmpty()) {
      return text + meaning.explanation();
    }
    return meaning.explanation() + ": " + text;
  }

  /** A function of ACL or HCCL returned a code; the text is the library's own, as it gave it. */
  static CannException returned(String function, int code, String text) {
    CodeMeaning meaning =
        CannFunction.familyOf(function) == Family.ACL ? AclCode.of(code) : HcclCode.of(code);
    return new CannException(function, meaning, oneLine(text), meaning.advice());
  }

  /** A function can't be called, or what it gave can't be used. */
  static CannException unusable(String function, String text, String advice) {
    return new CannException(function, CodeMeaning.NONE, text, advice);
  }

  /** CANN writes several lines, with codes such as EI0006 in them, by which its manuals go. */
  private static String oneLine(String text) {
    return text.strip().replaceAll("\\s*[\\r\\n]+\\s*", " ");
  }

  /** Name of the native function. */
  public String function() {
    return function;
  }

  /** What it returned; 0 if it wasn't called, or if what it gave can't be used. */
  public int code() {
    return meaning.code();
  }

  /** The code's name in the headers; empty for an unknown code and for 0. */
  public String codeName() {
    return meaning.name();
  }

  /** The library's own words in one line, perhaps empty; for code 0 what is missing or wrong. */
  public String text() {
    return text;
  }

  /** What a person can do. */
  public String advice() {
    return advice;
  }

  /** Whether a limit passed, given to the function or set by HCCL's environment. */
  public boolean isTimeout() {
    return meaning.isTimeout();
  }

  /** The same facts for the communicator. */
  public Failure.NativeCall toFailure() {
    return new Failure.NativeCall(
        function, meaning.code(), meaning.name(), words(meaning, text), advice);
  }
}
