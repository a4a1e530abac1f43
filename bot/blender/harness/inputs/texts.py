"""Files of text, written by hand: as small as a reader that goes by the format takes them."""

from __future__ import annotations

_OBJ = """\
mtllib given.mtl
o Cube
v 0 0 0
v 1 0 0
v 1 1 0
v 0 1 0
vt 0 0
vt 1 0
vt 1 1
vt 0 1
vn 0 0 1
usemtl Material
f 1/1/1 2/2/1 3/3/1 4/4/1
"""
_MTL = "newmtl Material\nKd 0.8 0.4 0.1\nKs 0.5 0.5 0.5\nNs 250\nd 1\nillum 2\n"
_PLY = """\
ply
format ascii 1.0
element vertex 3
property float x
property float y
property float z
element face 1
property list uchar int vertex_indices
end_header
0 0 0
1 0 0
0 1 0
3 0 1 2
"""
_STL = """\
solid a
facet normal 0 0 1
outer loop
vertex 0 0 0
vertex 1 0 0
vertex 0 1 0
endloop
endfacet
endsolid a
"""
_OFF = "OFF\n4 1 0\n0 0 0\n1 0 0\n1 1 0\n0 1 0\n4 0 1 2 3\n"
_SVG = """\
<?xml version="1.0" encoding="UTF-8"?>
<svg xmlns="http://www.w3.org/2000/svg" width="100" height="100" viewBox="0 0 100 100">
  <g id="Group" transform="translate(10 10)">
    <path id="Path" d="M 0 0 L 50 0 C 60 10 60 20 50 30 Z" fill="#e08020" stroke="none"/>
    <rect id="Rect" x="5" y="40" width="30" height="20" fill="rgb(10,20,30)"/>
    <circle id="Circle" cx="60" cy="60" r="10"/>
  </g>
</svg>
"""
_BVH = """\
HIERARCHY
ROOT Hips
{
  OFFSET 0.0 0.0 0.0
  CHANNELS 6 Xposition Yposition Zposition Zrotation Xrotation Yrotation
  JOINT Spine
  {
    OFFSET 0.0 1.0 0.0
    CHANNELS 3 Zrotation Xrotation Yrotation
    End Site
    {
      OFFSET 0.0 1.0 0.0
    }
  }
}
MOTION
Frames: 2
Frame Time: 0.041667
0 0 0 0 0 0 0 0 0
0 0 1 0 10 0 5 0 0
"""
_X3D = """\
<?xml version="1.0" encoding="UTF-8"?>
<X3D version="3.0" profile="Interchange">
  <Scene>
    <Transform translation="1 0 0">
      <Shape>
        <Appearance><Material diffuseColor="0.8 0.4 0.1"/></Appearance>
        <IndexedFaceSet coordIndex="0 1 2 3 -1"><Coordinate point="0 0 0 1 0 0 1 1 0 0 1 0"/></IndexedFaceSet>
      </Shape>
    </Transform>
  </Scene>
</X3D>
"""
_WRL = """\
#VRML V2.0 utf8
Shape {
  appearance Appearance { material Material { diffuseColor 0.8 0.4 0.1 } }
  geometry IndexedFaceSet {
    coord Coordinate { point [ 0 0 0, 1 0 0, 1 1 0, 0 1 0 ] }
    coordIndex [ 0, 1, 2, 3, -1 ]
  }
}
"""
_XML = """<?xml version="1.0" encoding="UTF-8"?>\n<root>\n  <item name="One" value="1">Text</item>\n</root>\n"""
_HTML = "<!DOCTYPE html>\n<html><head><title>Title</title></head><body><p>Text</p></body></html>\n"
_INI = """\
[Section]
key = value
number = 1

[Other Section]
name with spaces = 0.5
"""
_GPL = "GIMP Palette\nName: Palette\nColumns: 2\n#\n224 128  32 Orange\n 10  20  30 Dark\n"
_XYZ = "3\nWater\nO 0.000 0.000 0.117\nH 0.000 0.757 -0.469\nH 0.000 -0.757 -0.469\n"
_PDB = """\
HEADER    WATER
ATOM      1  O   HOH A   1       0.000   0.000   0.117  1.00  0.00           O
ATOM      2  H1  HOH A   1       0.000   0.757  -0.469  1.00  0.00           H
ATOM      3  H2  HOH A   1       0.000  -0.757  -0.469  1.00  0.00           H
END
"""
_ASC = "ncols 3\nnrows 3\nxllcorner 0\nyllcorner 0\ncellsize 1\nNODATA_value -9999\n1 2 3\n2 3 4\n3 4 5\n"
_OSM = """\
<?xml version="1.0" encoding="UTF-8"?>
<osm version="0.6">
  <bounds minlat="48.0" minlon="11.0" maxlat="48.001" maxlon="11.001"/>
  <node id="1" lat="48.0" lon="11.0"/><node id="2" lat="48.001" lon="11.0"/><node id="3" lat="48.001" lon="11.001"/>
  <way id="4"><nd ref="1"/><nd ref="2"/><nd ref="3"/><nd ref="1"/><tag k="building" v="yes"/></way>
</osm>
"""
_GPX = """\
<?xml version="1.0" encoding="UTF-8"?>
<gpx version="1.1" creator="test" xmlns="http://www.topografix.com/GPX/1/1">
  <trk><name>Track</name><trkseg>
    <trkpt lat="48.0" lon="11.0"><ele>500</ele></trkpt><trkpt lat="48.001" lon="11.001"><ele>510</ele></trkpt>
  </trkseg></trk>
</gpx>
"""
_GEOJSON = """\
{"type": "FeatureCollection", "features": [{"type": "Feature", "properties": {"name": "Way"},
 "geometry": {"type": "LineString", "coordinates": [[11.0, 48.0], [11.001, 48.001]]}}]}
"""
_CHAN = "1 0.0 0.0 0.0 0.0 0.0 0.0 35.0\n2 1.0 0.0 0.0 0.0 10.0 0.0 35.0\n"
_CUBE_LUT = 'TITLE "Same"\nLUT_3D_SIZE 2\n0 0 0\n1 0 0\n0 1 0\n1 1 0\n0 0 1\n1 0 1\n0 1 1\n1 1 1\n'
_SRT = "1\n00:00:00,000 --> 00:00:01,000\nHello\n\n2\n00:00:01,000 --> 00:00:02,000\nthere\n"
_GLSL = "void main() { gl_FragColor = vec4(1.0); }\n"
_OSL = "shader Plain(float Factor = 1.0, output color Colour = 0) { Colour = color(Factor); }\n"
_PY = "import bpy\n\nVALUE = 1\n"
_DXF = """
0 SECTION
2 HEADER
9 $ACADVER
1 AC1009
0 ENDSEC
0 SECTION
2 TABLES
0 TABLE
2 LAYER
70 1
0 LAYER
2 Layer
70 0
62 7
6 CONTINUOUS
0 ENDTAB
0 ENDSEC
0 SECTION
2 ENTITIES
0 LINE
8 Layer
10 0.0
20 0.0
30 0.0
11 1.0
21 1.0
31 0.0
0 CIRCLE
8 Layer
10 2.0
20 0.0
30 0.0
40 0.5
0 3DFACE
8 Layer
10 0.0
20 0.0
30 0.0
11 1.0
21 0.0
31 0.0
12 1.0
22 1.0
32 0.0
13 0.0
23 1.0
33 0.0
0 ENDSEC
0 EOF
"""

TEXTS: dict[str, str] = {
    ".obj": _OBJ,
    ".mtl": _MTL,
    ".ply": _PLY,
    ".stl": _STL,
    ".off": _OFF,
    ".svg": _SVG,
    ".bvh": _BVH,
    ".x3d": _X3D,
    ".wrl": _WRL,
    ".xml": _XML,
    ".html": _HTML,
    ".ini": _INI,
    ".cfg": _INI,
    ".config": _INI,
    ".gpl": _GPL,
    ".xyz": _XYZ,
    ".pdb": _PDB,
    ".asc": _ASC,
    ".osm": _OSM,
    ".gpx": _GPX,
    ".geojson": _GEOJSON,
    ".chan": _CHAN,
    ".cube": _CUBE_LUT,
    ".srt": _SRT,
    ".glsl": _GLSL,
    ".osl": _OSL,
    ".py": _PY,
    ".dxf": "".join("{:>3}\n{}\n".format(*line.split(" ", 1)) for line in _DXF.strip().splitlines()),
    ".json": '{"name": "Name", "values": [1, 2.5, true, null], "inner": {"key": "value"}}\n',
    ".csv": "x,y,z,name\n0.0,0.0,0.0,One\n1.0,0.5,0.25,Two\n",
    ".tsv": "x\ty\tz\tname\n0.0\t0.0\t0.0\tOne\n1.0\t0.5\t0.25\tTwo\n",
    ".txt": "One line\nAnother line\n1 2 3\n",
    ".log": "One line\nAnother line\n",
    ".md": "# Title\n\nText\n",
    ".yaml": "name: Name\nvalues: [1, 2]\n",
    ".toml": 'name = "Name"\nvalues = [1, 2]\n',
}
"""By ending, what a file of it holds."""
