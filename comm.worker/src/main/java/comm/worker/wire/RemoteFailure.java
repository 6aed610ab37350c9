package comm.worker.wire;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * What was thrown in another process: its type, message, stack trace and causes, as text. Never
 * deserialised into anything else.
 *
 * @param type name of the class
 * @param message its message, empty if it had none
 * @param trace where it was thrown
 * @param cause what caused it
 */
public record RemoteFailure(
    String type, String message, List<StackTraceElement> trace, Optional<RemoteFailure> cause) {

  /** Bounds that keep the encoded form within the mailbox's room for it. */
  private static final int MOST_CAUSES = 6;

  private static final int MOST_FRAMES = 48;
  private static final int LONGEST_MESSAGE = 2000;
  private static final int LONGEST_NAME = 150;

  /** Copies the list. */
  public RemoteFailure {
    trace = List.copyOf(trace);
  }

  /**
   * What is to be sent of a throwable.
   *
   * @param thrown it
   * @return the facts
   */
  public static RemoteFailure of(Throwable thrown) {
    return of(thrown, MOST_CAUSES);
  }

  private static RemoteFailure of(Throwable thrown, int causes) {
    Throwable cause = thrown.getCause();
    List<StackTraceElement> frames = List.of(thrown.getStackTrace());
    return new RemoteFailure(
        cut(thrown.getClass().getName(), LONGEST_NAME),
        cut(messageOf(thrown), LONGEST_MESSAGE),
        frames.subList(0, Math.min(frames.size(), MOST_FRAMES)),
        cause == null || causes == 0 ? Optional.empty() : Optional.of(of(cause, causes - 1)));
  }

  /** Its message; empty if it has none, or can't say it: that must not cost the chip. */
  private static String messageOf(Throwable thrown) {
    try {
      String message = thrown.getMessage();
      return message == null ? "" : message;
    } catch (Throwable e) {
      return "";
    }
  }

  private static String cut(String text, int most) {
    return text.length() <= most ? text : text.substring(0, most - 1) + "…";
  }

  /** The encoded form, at most {@link Mailbox#FAILURE_BYTES} bytes. */
  byte[] encode() {
    RemoteFailure shorter = this;
    byte[] bytes = shorter.encodeWhole();
    while (bytes.length > Mailbox.FAILURE_BYTES) {
      shorter = shorter.halved();
      bytes = shorter.encodeWhole();
    }
    return bytes;
  }

  /** Half of the frames; without any left, without causes. */
  private RemoteFailure halved() {
    return new RemoteFailure(
        type,
        message,
        trace.subList(0, trace.size() / 2),
        trace.isEmpty() ? Optional.empty() : cause.map(RemoteFailure::halved));
  }

  private byte[] encodeWhole() {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (DataOutputStream out = new DataOutputStream(bytes)) {
      write(out);
    } catch (IOException e) {
      throw new IllegalStateException("memory can't be written to", e);
    }
    return bytes.toByteArray();
  }

  private void write(DataOutputStream out) throws IOException {
    out.writeUTF(type);
    out.writeUTF(message);
    out.writeInt(trace.size());
    for (StackTraceElement frame : trace) {
      out.writeUTF(cut(frame.getClassName(), LONGEST_NAME));
      out.writeUTF(cut(frame.getMethodName(), LONGEST_NAME));
      out.writeUTF(cut(frame.getFileName() == null ? "" : frame.getFileName(), LONGEST_NAME));
      out.writeInt(frame.getLineNumber());
    }
    out.writeBoolean(cause.isPresent());
    if (cause.isPresent()) {
      cause.get().write(out);
    }
  }

  /** Reads what another process wrote; empty if that isn't one. */
  static Optional<RemoteFailure> decode(byte[] bytes) {
    try (DataInputStream in = new DataInputStream(new ByteArrayInputStream(bytes))) {
      return Optional.of(read(in, MOST_CAUSES));
    } catch (IOException | IllegalArgumentException e) {
      return Optional.empty();
    }
  }

  private static RemoteFailure read(DataInputStream in, int causes) throws IOException {
    String type = in.readUTF();
    String message = in.readUTF();
    int frames = in.readInt();
    if (frames < 0 || frames > MOST_FRAMES) {
      throw new IllegalArgumentException(frames + " frames");
    }
    List<StackTraceElement> trace = new ArrayList<>(frames);
    for (int i = 0; i < frames; i++) {
      trace.add(new StackTraceElement(in.readUTF(), in.readUTF(), in.readUTF(), in.readInt()));
    }
    boolean more = in.readBoolean();
    if (more && causes == 0) {
      throw new IllegalArgumentException("too many causes");
    }
    return new RemoteFailure(
        type, message, trace, more ? Optional.of(read(in, causes - 1)) : Optional.empty());
  }

  /**
   * A throwable that shows the same in a stack trace.
   *
   * @return something to be the cause of what is thrown here
   */
  public Throwable toThrowable() {
    return new Shown(this);
  }

  /** {@return type and message} */
  @Override
  public String toString() {
    return message.isEmpty() ? type : type + ": " + message;
  }

  /** Looks like what was thrown there, so its type is in its text and not its own. */
  @SuppressWarnings("OverrideThrowableToString")
  private static final class Shown extends Exception {

    private static final long serialVersionUID = 1;

    private final String words;

    Shown(RemoteFailure failure) {
      super(failure.message(), causeOf(failure));
      this.words = failure.toString();
      setStackTrace(failure.trace().toArray(new StackTraceElement[0]));
    }

    private static @Nullable Throwable causeOf(RemoteFailure failure) {
      return failure.cause().map(RemoteFailure::toThrowable).orElse(null);
    }

    @Override
    public String toString() {
      return words;
    }
  }
}
