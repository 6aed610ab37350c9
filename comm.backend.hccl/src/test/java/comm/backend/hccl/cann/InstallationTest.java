package comm.backend.hccl.cann;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class InstallationTest {

  @TempDir private Path root;

  private void write(String file, String text) throws IOException {
    Path path = root.resolve(file);
    Files.createDirectories(path.getParent());
    Files.writeString(path, text);
  }

  private Installation installed() {
    return new Installation(Map.of("ASCEND_HOME_PATH", root.resolve("home").toString()), root);
  }

  @Test
  void nothing_is_there_on_a_machine_without_it() {
    Installation none = new Installation(Map.of(), root);

    assertEquals(Optional.empty(), none.home());
    assertEquals(Optional.empty(), none.cannVersion());
    assertEquals(Optional.empty(), none.driverVersion());
    assertEquals(List.of(), none.deviceNodes());
    assertEquals(List.of(), none.stubDirectories());
    assertEquals(Optional.empty(), installed().cannVersion());
  }

  @Test
  void the_first_file_that_has_a_version_counts() throws IOException {
    write("home/opp/version.info", "Version=7.7.0.1.238\n");
    assertEquals(Optional.of("7.7.0.1.238"), installed().cannVersion());

    write("home/opp/version.info", "Version=7.7.0.1.238\nversion_dir=8.1.RC1\n");
    assertEquals(Optional.of("8.1.RC1"), installed().cannVersion());

    write(
        "home/x86_64-linux/ascend_toolkit_install.info",
        "package_name=Ascend-cann-toolkit\nversion=8.5.0\ninnerversion=V100R001\n");
    assertEquals(Optional.of("8.5.0"), installed().cannVersion());

    write(
        "home/version.cfg",
        """
        # version: 1.0
        runtime_running_version=[7.2:8.0]
        toolkit_installed_version=[7.7.0.1.238:9.0.0]
        """);
    assertEquals(Optional.of("9.0.0"), installed().cannVersion());
  }

  @Test
  void a_default_installation_is_found() throws IOException {
    write("usr/local/Ascend/cann/version.cfg", "toolkit_running_version=[9.1.0]\r\n");
    write("usr/local/Ascend/latest/version.cfg", "toolkit_running_version=[8.0.0]\n");

    Installation found = new Installation(Map.of(), root);

    assertEquals(Optional.of(root.resolve("usr/local/Ascend/cann")), found.home());
    assertEquals(Optional.of("9.1.0"), found.cannVersion());
  }

  @Test
  void driver_and_devices_are_found_in_the_order_of_numbers() throws IOException {
    write("usr/local/Ascend/driver/version.info", "Version=24.1.0\nascendhal_version=7\n");
    for (String node : List.of("davinci10", "davinci2", "davinci_manager", "null")) {
      write("dev/" + node, "");
    }

    Installation found = new Installation(Map.of(), root);

    assertEquals(Optional.of("24.1.0"), found.driverVersion());
    assertEquals(
        List.of(root.resolve("dev/davinci2"), root.resolve("dev/davinci10")), found.deviceNodes());
  }

  @Test
  void directories_of_stubs_are_told() {
    String path = "/opt/lib::/opt/cann/x86_64-linux/devlib:/opt/cann/lib64/stub/linux/x86_64";

    assertEquals(
        List.of(
            Path.of("/opt/cann/x86_64-linux/devlib"), Path.of("/opt/cann/lib64/stub/linux/x86_64")),
        new Installation(Map.of("LD_LIBRARY_PATH", path), root).stubDirectories());
  }
}
