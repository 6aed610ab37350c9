package comm.testkit.run;

import comm.testkit.RankBody;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.NotSerializableException;
import java.io.ObjectInputStream;
import java.io.ObjectOutputStream;
import java.io.UncheckedIOException;
import java.util.Base64;

/** Bodies on their way to other processes. */
final class Bodies {

  private Bodies() {}

  static String pack(RankBody body) {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (ObjectOutputStream out = new ObjectOutputStream(bytes)) {
      out.writeObject(body);
    } catch (NotSerializableException e) {
      throw new IllegalArgumentException(
          "ranks are processes, and this body can't travel to them, because it uses an object of "
              + e.getMessage()
              + "; let it use parameters, static members and serializable local variables only",
          e);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return Base64.getEncoder().encodeToString(bytes.toByteArray());
  }

  static RankBody unpack(String packed) throws IOException, ClassNotFoundException {
    try (ObjectInputStream in =
        new ObjectInputStream(new ByteArrayInputStream(Base64.getDecoder().decode(packed)))) {
      return (RankBody) in.readObject();
    }
  }
}
