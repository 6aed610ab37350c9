package comm.cli;

import java.io.IOException;
import java.io.InputStream;
import java.util.Properties;

/** The version of this build, which the build writes into a resource. */
final class Versions {

  private Versions() {}

  static String own() {
    try (InputStream stream = Versions.class.getResourceAsStream("version.properties")) {
      if (stream == null) {
        return "(unknown version)";
      }
      Properties properties = new Properties();
      properties.load(stream);
      return properties.getProperty("version", "(unknown version)");
    } catch (IOException e) {
      return "(unreadable version: " + e.getMessage() + ")";
    }
  }
}
