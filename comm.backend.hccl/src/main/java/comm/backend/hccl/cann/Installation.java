package comm.backend.hccl.cann;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** What of CANN and its driver is on this machine, as files tell; nothing is loaded. */
public final class Installation {

  /** {@code toolkit_installed_version=[7.7.0.1.238:8.1.RC1]} */
  private static final Pattern CONFIG =
      Pattern.compile("^toolkit_\\w*version=\\[(?:[^\\]:]*:)?([^\\]:]+)\\]");

  private static final Pattern INSTALL_INFO = Pattern.compile("^version=(\\S+)");
  private static final Pattern VERSION_DIR = Pattern.compile("^version_dir=(\\S+)");
  private static final Pattern VERSION = Pattern.compile("^Version=(\\S+)");

  private static final List<String> HOMES =
      List.of(
          "usr/local/Ascend/ascend-toolkit/latest",
          "usr/local/Ascend/cann",
          "usr/local/Ascend/latest");

  private final Map<String, String> environment;
  private final Path root;

  public Installation(Map<String, String> environment) {
    this(environment, Path.of("/"));
  }

  /** Looks below another directory for what has a fixed place. */
  Installation(Map<String, String> environment, Path root) {
    this.environment = Map.copyOf(environment);
    this.root = root;
  }

  /** Where CANN is installed: what the environment says, else the first default that is there. */
  public Optional<Path> home() {
    String home = environment.getOrDefault("ASCEND_HOME_PATH", "");
    if (!home.isBlank()) {
      return Optional.of(Path.of(home));
    }
    return HOMES.stream().map(root::resolve).filter(Files::isDirectory).findFirst();
  }

  /** Version of CANN, such as {@code 8.1.RC1}. */
  public Optional<String> cannVersion() {
    Optional<Path> found = home();
    if (found.isEmpty()) {
      return Optional.empty();
    }
    Path home = found.get();
    Path opp = home.resolve("opp").resolve("version.info");
    return first(home.resolve("version.cfg"), CONFIG)
        .or(() -> first(home.resolve("aarch64-linux/ascend_toolkit_install.info"), INSTALL_INFO))
        .or(() -> first(home.resolve("x86_64-linux/ascend_toolkit_install.info"), INSTALL_INFO))
        .or(() -> first(opp, VERSION_DIR))
        .or(() -> first(opp, VERSION));
  }

  /** Version of the driver. */
  public Optional<String> driverVersion() {
    return first(root.resolve("usr/local/Ascend/driver/version.info"), VERSION);
  }

  /** The devices' files, by number. */
  public List<Path> deviceNodes() {
    List<Path> nodes = new ArrayList<>();
    try (DirectoryStream<Path> found =
        Files.newDirectoryStream(
            root.resolve("dev"),
            path -> path.getFileName().toString().matches("davinci[0-9]{1,6}"))) {
      found.forEach(nodes::add);
    } catch (IOException unreadable) {
      return List.of();
    }
    nodes.sort(Comparator.comparingInt(Installation::number));
    return List.copyOf(nodes);
  }

  private static int number(Path node) {
    return Integer.parseInt(node.getFileName().toString().substring("davinci".length()));
  }

  /** Directories of {@code LD_LIBRARY_PATH} with libraries that are to link with only. */
  public List<Path> stubDirectories() {
    return CannLibraries.searchPath(environment).stream().filter(CannLibraries::isStub).toList();
  }

  private static Optional<String> first(Path file, Pattern pattern) {
    try {
      // unknown bytes are no reason to give up
      return Files.readString(file, StandardCharsets.ISO_8859_1)
          .lines()
          .map(line -> pattern.matcher(line.strip()))
          .filter(Matcher::find)
          .map(matcher -> matcher.group(1))
          .findFirst();
    } catch (IOException unreadable) {
      return Optional.empty();
    }
  }
}
