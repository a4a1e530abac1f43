from __future__ import annotations

from indexer.chunking.glsl import GLSL

SHADER = b"""#version 330
#define PI 3.14
uniform mat4 ModelViewProjectionMatrix;
uniform sampler2D tex[4];
in vec2 uv;
out vec4 color;
struct Light {
  vec3 color;
};
layout(std140) uniform Block { mat4 m; } block;
vec4 shade(Light l, vec2 at)
{
  return texture(tex[0], at) * vec4(l.color, 1.0);
}
#ifdef FANCY
void main() { color = shade(Light(vec3(1)), uv); }
#endif
"""


def test_functions_structs_and_uniforms() -> None:
    found = {chunk.name: (chunk.role, chunk.start, chunk.end) for chunk in GLSL.chunk("a/s.frag", SHADER).chunks}
    assert found == {
        "s": ("module", 5, 6),
        "ModelViewProjectionMatrix": ("uniform", 3, 3),
        "tex": ("uniform", 4, 4),
        "Light": ("class", 7, 9),
        "Block": ("uniform", 10, 10),
        "shade": ("function", 11, 14),
        "main": ("function", 16, 16),
    }


def test_what_a_function_calls() -> None:
    chunk = next(chunk for chunk in GLSL.chunk("s.frag", SHADER).chunks if chunk.name == "main")
    assert chunk.facts.calls == ("shade", "Light", "vec3")
    assert chunk.symbol == "s.frag:main"


def test_a_long_function_keeps_its_header_in_sight() -> None:
    body = b"".join(b"  x += noise(%d.0) * weight;\n" % number for number in range(150))
    parts = GLSL.chunk("s.glsl", b"float f(float x)\n{\n" + body + b"  return x;\n}\n").chunks
    assert len(parts) > 2
    assert all(chunk.context == "float f(float x)" for chunk in parts[1:])


def test_a_broken_shader_still_gives_its_functions() -> None:
    names = {
        chunk.name for chunk in GLSL.chunk("s.glsl", b"void a() { x = 1; }\nvoid b( { \nvoid c() { y(); }\n").chunks
    }
    assert "a" in names
