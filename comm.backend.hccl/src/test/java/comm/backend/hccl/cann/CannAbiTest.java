package comm.backend.hccl.cann;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import comm.backend.hccl.cann.CannAbi.Constant;
import comm.backend.hccl.cann.CannAbi.Header;
import java.io.IOException;
import java.lang.reflect.Field;
import java.lang.reflect.Modifier;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestReporter;

class CannAbiTest {

  /** The whole table, for people who compare it with headers by eye. */
  private static String table() {
    StringBuilder table = new StringBuilder();
    for (CannFunction function : CannFunction.values()) {
      table.append(
          "%-4s %-8s %-8s %s;%n"
              .formatted(
                  function.family(),
                  function.since(),
                  function.required() ? "required" : "optional",
                  function.prototype()));
    }
    for (Constant constant : CannAbi.constants()) {
      table.append(
          "%-8s %-50s = %d (0x%x)%n"
              .formatted(constant.header(), constant.name(), constant.value(), constant.value()));
    }
    for (Header header : Header.values()) {
      for (Struct struct : CannAbi.structs(header)) {
        table.append(
            "%-8s %-50s size%s%d%n"
                .formatted(header, struct.name(), struct.whole() ? "=" : ">=", struct.size()));
        for (comm.backend.hccl.cann.Field field : struct.fields()) {
          table.append(
              "             %-45s off=%-5d size=%d%n"
                  .formatted(field.name(), field.offset(), field.size()));
        }
      }
    }
    return table.toString();
  }

  @Test
  void the_whole_table_can_be_read(TestReporter reporter) throws IOException {
    String table = table();

    Path file = Path.of("target", "cann-abi.txt");
    Files.createDirectories(file.getParent());
    Files.writeString(file, table);
    reporter.publishEntry(table);
    System.out.println(table);
    assertTrue(table.contains("aclError aclInit(const char *configPath);"));
  }

  @Test
  void a_constant_of_the_headers_has_their_name_here_too() throws IllegalAccessException {
    Map<String, Long> constants =
        CannAbi.constants().stream()
            .filter(constant -> constant.header() != Header.PRIVATE)
            .collect(Collectors.toMap(Constant::name, Constant::value));
    int found = 0;
    for (Field field : CannAbi.class.getDeclaredFields()) {
      Long value = constants.get(field.getName());
      if (value != null) {
        assertTrue(Modifier.isStatic(field.getModifiers()));
        Number number = (Number) field.get(null);
        assertEquals(value.intValue(), number.intValue(), field.getName());
        found++;
      }
    }

    // HCCL_COMM_BUFFSIZE_CONFIG_NOT_SET means the same for other members and is named after that
    assertEquals(constants.size() - 1, found);
  }

  @Test
  void members_lie_behind_each_other() {
    for (Header header : Header.values()) {
      for (Struct struct : CannAbi.structs(header)) {
        int end = 0;
        for (comm.backend.hccl.cann.Field field : struct.fields()) {
          assertTrue(field.offset() >= end, field.toString());
          end = field.offset() + field.size();
        }
        assertTrue(end <= struct.size(), struct.name());
      }
    }
  }

  @Test
  void each_function_is_there_once() {
    Set<String> symbols = new HashSet<>();
    for (CannFunction function : CannFunction.values()) {
      assertTrue(symbols.add(function.symbol()), function.symbol());
      assertTrue(function.symbol().matches("(acl|Hcc|Hco)[A-Za-z0-9]+"), function.symbol());
    }
  }
}
