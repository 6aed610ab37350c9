package comm.backend.hccl.cann;

/**
 * What a native code means.
 *
 * @param code the code
 * @param name its name in the headers, empty if it is unknown
 * @param explanation what happened
 * @param advice what a person can do
 * @param isTimeout whether it says that a limit passed
 */
record CodeMeaning(int code, String name, String explanation, String advice, boolean isTimeout) {

  /** For failures without a code. */
  static final CodeMeaning NONE = new CodeMeaning(0, "", "", "", false);

  CodeMeaning(int code, String name, String explanation, String advice) {
    this(code, name, explanation, advice, false);
  }

  CodeMeaning timeout() {
    return new CodeMeaning(code, name, explanation, advice, true);
  }
}
