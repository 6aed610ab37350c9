package comm.tests;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import javax.xml.parsers.DocumentBuilderFactory;
import org.junit.jupiter.api.Test;
import org.w3c.dom.Document;
import org.w3c.dom.Element;
import org.w3c.dom.Node;

/** What {@code comm.bom} brings to a project that imports it: our modules, all of them, no more. */
class BomTest {

  private static final String BOM = "comm.bom";
  private static final String NOT_PUBLISHED = "<maven.deploy.skip>true</maven.deploy.skip>";

  private final Element bom = pom(Project.root().resolve(BOM));

  private static Element pom(Path folder) {
    try {
      Document document =
          DocumentBuilderFactory.newDefaultInstance()
              .newDocumentBuilder()
              .parse(folder.resolve("pom.xml").toFile());
      return document.getDocumentElement();
    } catch (Exception e) {
      throw new AssertionError("no pom in " + folder, e);
    }
  }

  private static List<Element> children(Element parent, String name) {
    List<Element> children = new ArrayList<>();
    for (Node node = parent.getFirstChild(); node != null; node = node.getNextSibling()) {
      if (node instanceof Element child && child.getTagName().equals(name)) {
        children.add(child);
      }
    }
    return children;
  }

  private static String text(Element parent, String name) {
    List<Element> children = children(parent, name);
    assertEquals(1, children.size(), name);
    return children.get(0).getTextContent().strip();
  }

  @Test
  void lists_exactly_the_modules_that_are_published() {
    Set<String> published = new TreeSet<>();
    for (Path folder : Project.folders()) {
      if (!Project.text(folder.resolve("pom.xml")).contains(NOT_PUBLISHED)) {
        published.add(text(pom(folder), "artifactId"));
      }
    }
    published.remove(BOM);
    List<String> listed = new ArrayList<>();
    for (Element management : children(bom, "dependencyManagement")) {
      for (Element dependencies : children(management, "dependencies")) {
        for (Element dependency : children(dependencies, "dependency")) {
          assertEquals("lab.comm", text(dependency, "groupId"));
          assertEquals("${project.version}", text(dependency, "version"));
          assertEquals(3, dependency.getElementsByTagName("*").getLength(), "only coordinates");
          listed.add(text(dependency, "artifactId"));
        }
      }
    }

    assertEquals(List.copyOf(published), listed.stream().sorted().toList());
  }

  @Test
  void has_the_version_of_the_modules_and_brings_nothing_else() {
    Element root = pom(Project.root());

    assertEquals(text(root, "groupId"), text(bom, "groupId"));
    assertEquals(text(root, "version"), text(bom, "version"));
    assertEquals(List.of(), children(bom, "parent"), "a parent's versions would be imported too");
    assertEquals(List.of(), children(bom, "properties"));
    assertEquals(List.of(), children(bom, "dependencies"));
  }
}
